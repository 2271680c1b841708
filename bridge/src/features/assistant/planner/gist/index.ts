export { isNoName, isStory } from './frame-words.ts'
export { keepsNumbers } from './numbers-kept.ts'
export { questionSaidPlainly, revisionSaidPlainly, saidPlainly } from './said-plainly.ts'
