export { answerOnce, idempotencyKeyOf } from './answer-once.ts'
export { KeptAnswers } from './kept-answers.ts'
export { idempotencyKeys } from './migrations/2026-11-24-040-idempotency-keys.ts'
