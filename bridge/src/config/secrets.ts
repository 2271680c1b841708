import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StewardError } from '../shared/errors.ts'
import type { Config } from './load-config.ts'

export interface Secrets {
  /** Newest first; the first seals. */
  sealingKeys: { id: string; key: Buffer }[]
  /** Ed25519 private key. */
  signingKey: KeyObject
}

/** Keys from the environment, else from the data folder, where they are made once (mode 0600). */
export async function loadSecrets(config: Config): Promise<Secrets> {
  const { STEWARD_ENCRYPTION_KEYS, STEWARD_SIGNING_KEY } = config.environment
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 })
  const sealing =
    STEWARD_ENCRYPTION_KEYS ??
    (await kept(
      join(config.dataFolder, 'encryption-keys'),
      () => `k1:${randomBytes(32).toString('base64')}`,
    ))
  const signing =
    STEWARD_SIGNING_KEY ?? (await kept(join(config.dataFolder, 'signing-key.pem'), newSigningKey))
  return {
    sealingKeys: sealing.trim().split(',').map(sealingKey),
    signingKey: createPrivateKey(signing),
  }
}

function sealingKey(text: string): { id: string; key: Buffer } {
  const [id, encoded] = text.trim().split(':')
  const key = Buffer.from(encoded ?? '', 'base64')
  if (!id || !/^[\w-]+$/.test(id) || key.length !== 32) {
    throw new StewardError(
      'misconfigured',
      'STEWARD_ENCRYPTION_KEYS must be `id:base64(32 bytes)`, comma-separated.',
    )
  }
  return { id, key }
}

function newSigningKey(): string {
  return generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
}

/** The file's text; made by `make` when there is none, and never overwritten. */
async function kept(path: string, make: () => string): Promise<string> {
  try {
    const file = await open(path, 'wx', 0o600)
    const text = make()
    await file.writeFile(text)
    await file.close()
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readFile(path, 'utf8')
  }
}
