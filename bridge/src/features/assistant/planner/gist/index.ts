export { isNoName } from './frame-words.ts'
export { keepsNumbers } from './numbers-kept.ts'
export { revisionSaidPlainly, saidPlainly } from './said-plainly.ts'
