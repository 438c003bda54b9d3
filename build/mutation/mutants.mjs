import ts from 'typescript'

/** @typedef {{ start: number, end: number, text: string }} Edit */
/** @typedef {{ line: number, from: string, to: string, source: string }} Mutant `source`: the whole mutated file */

/** @type {Readonly<Partial<Record<ts.SyntaxKind, readonly string[]>>>} */
const instead = {
  [ts.SyntaxKind.LessThanToken]: ['<=', '>='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['<', '>'],
  [ts.SyntaxKind.GreaterThanToken]: ['>=', '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['>', '<'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ['!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ['==='],
  [ts.SyntaxKind.PlusToken]: ['-'],
  [ts.SyntaxKind.MinusToken]: ['+'],
  [ts.SyntaxKind.AsteriskToken]: ['/'],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['||'],
  [ts.SyntaxKind.BarBarToken]: ['&&'],
  [ts.SyntaxKind.QuestionQuestionToken]: ['&&'],
}

/** Calls whose receiver can stand for their result. */
const passing = new Set(['sort', 'toSorted', 'filter', 'reverse', 'toReversed', 'slice', 'map', 'flatMap', 'trim', 'toLowerCase'])
/** @type {Readonly<Record<string, string>>} */
const otherMethod = { some: 'every', every: 'some', min: 'max', max: 'min', find: 'findLast', at: 'slice' }

/** @param {ts.Node} node what only the compiler reads, and what has nothing to mutate */
const isPassedOver = (node) =>
  ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isImportDeclaration(node)

/** Ways to make a node wrong, as what to write in its place. @param {ts.Node} node @param {(node: ts.Node) => string} text @returns {string[]} */
const waysToBreak = (node, text) => {
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node
    return (instead[operatorToken.kind] ?? []).map((operator) => `${text(left)} ${operator} ${text(right)}`)
  }
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken ? [text(node.operand)] : []
  if (ts.isConditionalExpression(node)) return [text(node.whenTrue), text(node.whenFalse)].map((branch) => `(${branch})`)
  if (node.kind === ts.SyntaxKind.TrueKeyword) return ['false']
  if (node.kind === ts.SyntaxKind.FalseKeyword) return ['true']
  if (ts.isNumericLiteral(node)) return [`${Number(node.text) + 1}`]
  if (ts.isStringLiteral(node)) return [node.text === '' ? "'mutated'" : "''"]
  if (ts.isTemplateExpression(node)) return ["''"]
  if (ts.isArrayLiteralExpression(node))
    return node.elements.map(
      (left) =>
        `[${node.elements
          .filter((e) => e !== left)
          .map(text)
          .join(', ')}]`,
    )
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return ['(() => undefined)']
  if (ts.isExpressionStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node)) return [';']
  if (ts.isIfStatement(node)) return [false, true].map((answer) => text(node).replace(text(node.expression), `${answer}`))
  if (ts.isNewExpression(node)) return (node.arguments ?? []).length > 0 ? [`new ${text(node.expression)}()`] : []
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression: receiver, name } = node.expression
    const other = otherMethod[name.text]
    const otherCall = `${text(receiver)}.${other}(${node.arguments.map(text).join(', ')})`
    return [...(passing.has(name.text) ? [text(receiver)] : []), ...(other === undefined ? [] : [otherCall])]
  }
  return []
}

/** @param {string} source @param {Edit} edit */
const edited = (source, { start, end, text }) => source.slice(0, start) + text + source.slice(end)

/**
 * Every way known here to make a TypeScript file wrong in one place. It stays readable to a bundler, not to the compiler.
 * @param {string} source @returns {Mutant[]}
 */
export const mutantsOf = (source) => {
  const file = ts.createSourceFile('mutated.ts', source, ts.ScriptTarget.Latest, true)
  const text = (/** @type {ts.Node} */ node) => node.getText(file)
  /** @type {Mutant[]} */
  const mutants = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isPassedOver(node)) return
    const start = node.getStart(file)
    for (const to of waysToBreak(node, text)) {
      const { line } = file.getLineAndCharacterOfPosition(start)
      mutants.push({ line: line + 1, from: text(node), to, source: edited(source, { start, end: node.getEnd(), text: to }) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return mutants
}

/** More turns than any loop takes that ends. */
const MOST_TURNS = 100_000

/**
 * The same file, with loops that throw where they would go on for ever: nothing outside can interrupt them.
 * @param {string} source
 */
export const withLoopsThatEnd = (source) => {
  const file = ts.createSourceFile('guarded.ts', source, ts.ScriptTarget.Latest, true)
  /** @type {Edit[]} */
  const edits = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isIterationStatement(node, false)) {
      const { statement } = node
      const turns = `turns${node.pos}`
      edits.push({ start: node.getStart(file), end: node.getStart(file), text: `{ let ${turns} = 0; ` })
      edits.push({
        start: statement.getStart(file),
        end: statement.getStart(file),
        text: `{ if (++${turns} > ${MOST_TURNS}) throw new Error('endless'); `,
      })
      edits.push({ start: statement.getEnd(), end: statement.getEnd(), text: ' }' })
      edits.push({ start: node.getEnd(), end: node.getEnd(), text: ' }' })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  // From the end, so that positions hold; what was noted first at a place stands first there.
  return edits
    .toReversed()
    .sort((a, b) => b.start - a.start)
    .reduce(edited, source)
}
