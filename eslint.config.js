import { defineConfig } from 'eslint/config'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const tests = ['**/*.test.{ts,tsx,mjs}', '**/*.spec.ts', 'electron/testing/**']
const scripts = ['build/**', 'bench/**', 'e2e/**', '*.{js,ts,mjs}']

const clockAndChance = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Take a Clock (electron/kernel/clock.ts): tests move it by hand.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take a Clock (electron/kernel/clock.ts) and pass its time: new Date(clock.now()).',
  },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Take a Random (electron/kernel/random.ts).' },
]
const rawIpc = [
  {
    selector: 'MemberExpression[object.name=/^ipc(Main|Renderer)$/]',
    message: 'Add a method to shared/ipc/contract.ts: electron/ipc binds it, checks sender and schema.',
  },
  {
    selector: "CallExpression[callee.property.name=/^(send|postMessage|sendToFrame)$/][callee.object.property.name='webContents']",
    message: 'Emit a NodeEvent: electron/ipc carries it to the window.',
  },
]
const bridge = [
  {
    selector: "MemberExpression[object.name='window'][property.name='spacepanda']",
    message: 'Only renderer/bridge touches the preload API: import from there.',
  },
]
const names = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name: a thing has one name everywhere.' },
  {
    selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
    message: "import * as z from 'zod': its own `z` brings the words of fifty languages along, 500 KB that each start would read.",
  },
]

const ban = (...groups) => ({ 'no-restricted-syntax': ['error', ...groups.flat()] })

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', 'demo-out/', 'test-results/'] },
  {
    linterOptions: { noInlineConfig: true },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.mjs', '.*.mjs', '*.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.{ts,tsx,mjs,cjs,js}'],
    rules: {
      'no-console': 'error',
      'no-empty': 'error',
      eqeqeq: ['error', 'smart'],
      ...ban(clockAndChance, rawIpc, bridge, names),
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'electron',
              importNames: ['ipcMain', 'ipcRenderer'],
              message: 'Only electron/ipc and the preload script speak raw IPC.',
            },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A type parameter used once is how a brand is asked for: random.id<MessageId>().
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Dependencies are narrow objects of closures, taken apart where they are used; there is no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // An implementation of an asynchronous port may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['electron/kernel/**'], rules: ban(rawIpc, bridge, names) },
  {
    files: ['electron/ipc/**', 'electron/preload/**'],
    rules: { ...ban(clockAndChance, bridge, names), 'no-restricted-imports': 'off' },
  },
  // The composition root hands ipcMain to electron/ipc, and does nothing with it itself.
  { files: ['electron/main.ts'], rules: { 'no-restricted-imports': 'off' } },
  // The window may not import the kernel: its clock is renderer/bridge/clock.ts.
  { files: ['renderer/bridge/**'], rules: ban(rawIpc, names) },
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['electron/cli/**', 'electron/relay/**'], rules: { 'no-console': 'off' } },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    // The plugin's other rules are for code that the React compiler transforms; ours is not.
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: tests,
    rules: {
      // Fakes that do nothing are how tests are written.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // Electron 45 deprecates the synchronous safeStorage; Electron 33, on which this must run too, has no other.
  { files: ['electron/windows/keyring*.ts'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  // What is to be used instead loads Node's client of the web to answer: 30 ms of each start, before anything is on the screen.
  { files: ['electron/windows/app-scheme.ts'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: scripts, rules: { 'no-console': 'off', 'no-restricted-syntax': 'off' } },
  {
    // Types stand in comments here, casts too: tsc checks them, the linter cannot see them.
    files: ['**/*.{mjs,cjs,js}'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [`@typescript-eslint/no-unsafe-${what}`, 'off']),
    ),
  },
)
