export { createSealer, randomToken, tokenHash, type Sealer, type SealingKey } from './sealer.ts'
