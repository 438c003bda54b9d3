import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { lastWords, run } from '../setup/run.mjs'

/** @param {...string} path below node_modules */
const tool = (...path) => join(root, 'node_modules', ...path)

/** @param {string} text @returns {unknown} undefined when it is no JSON */
const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export { lastWords, parse, run, tool }
