export { createSealer, randomToken, tokenHash, type Sealer } from './sealer.ts'
