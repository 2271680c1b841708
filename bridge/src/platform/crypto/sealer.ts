import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { StewardError } from '../../shared/errors.ts'

export interface SealingKey {
  id: string
  /** 32 bytes. */
  key: Buffer
}

/** Seals short secrets at rest. */
export interface Sealer {
  /** `v1.<key id>.<nonce>.<ciphertext and tag>`; only opens again with the same `context`. */
  seal(plaintext: string, context: string): string
  open(sealed: string, context: string): string
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM (NIST SP 800-38D) with a random nonce. The first key seals, all of them open, so keys
 * rotate by putting a new one first. `context` (the row's id) is associated data: a sealed value
 * copied to another row does not open.
 */
export function createSealer(keys: SealingKey[]): Sealer {
  const [current] = keys
  if (!current) throw new StewardError('misconfigured', 'There is no key to seal tokens with.')
  const byId = new Map(keys.map(({ id, key }) => [id, key]))
  return {
    seal: (plaintext, context) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(context))
      const body = Buffer.concat([
        cipher.update(plaintext, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return `v1.${current.id}.${nonce.toString('base64url')}.${body.toString('base64url')}`
    },
    open: (sealed, context) => {
      const [version, id, nonce, body] = sealed.split('.')
      const key = byId.get(id ?? '')
      if (version !== 'v1' || !key || !nonce || !body) {
        throw new StewardError(
          'misconfigured',
          'A stored token was sealed with a key that is no longer configured.',
        )
      }
      return decrypt(key, Buffer.from(nonce, 'base64url'), Buffer.from(body, 'base64url'), context)
    },
  }
}

function decrypt(key: Buffer, nonce: Buffer, body: Buffer, context: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(context))
    .setAuthTag(body.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  )
}

/** Lower-case hex SHA-256: how random tokens are stored and looked up. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** 256 random bits as base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}
