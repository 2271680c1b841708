export { createVocabulary, type KnownName, type Mention, type Vocabulary } from './vocabulary.ts'
export { fold, isSlipOf, singular, wordsOf } from './spelling.ts'
