export { isNoName } from './frame-words.ts'
export { revisionSaidPlainly, saidPlainly } from './said-plainly.ts'
