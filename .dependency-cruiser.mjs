import { wallRules } from './build/checks/walls.mjs'

export default {
  forbidden: wallRules,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|test-results|demo-out)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
