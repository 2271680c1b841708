import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSealer } from '../../src/platform/crypto/index.ts'
import { createLogger } from '../../src/platform/telemetry/index.ts'
import { environmentSchema, loadConfig, SECRET_VARIABLES } from '../../src/config/index.ts'

describe('sealing', () => {
  const old = { id: 'k1', key: randomBytes(32) }
  const current = { id: 'k2', key: randomBytes(32) }

  it('opens what it sealed, for any text', () => {
    const sealer = createSealer([current])
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, row) => {
        expect(sealer.open(sealer.seal(text, row), row)).toBe(text)
      }),
    )
  })

  it('does not open in another row, nor when altered', () => {
    const sealer = createSealer([current])
    const sealed = sealer.seal('secret', 'ses_1')
    expect(() => sealer.open(sealed, 'ses_2')).toThrow()
    expect(() => sealer.open(`${sealed.slice(0, -2)}AA`, 'ses_1')).toThrow()
  })

  it('opens with an older key after rotation and names a missing one', () => {
    const sealed = createSealer([old]).seal('secret', 'row')
    expect(createSealer([current, old]).open(sealed, 'row')).toBe('secret')
    expect(() => createSealer([current]).open(sealed, 'row')).toThrow(/no longer configured/)
  })
})

describe('the log', () => {
  it('never shows a secret, however deep it hides', () => {
    const lines: string[] = []
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk))
        done()
      },
    })
    const logger = createLogger('info', sink)
    logger.info({ access_token: 'S3CRET', person: 'ann' })
    logger.info({
      body: { password: 'S3CRET' },
      req: { headers: { authorization: 'Bearer S3CRET' } },
    })
    logger.info({
      a: { b: { api_secret: 'S3CRET', client_secret: 'S3CRET', refresh_token: 'S3CRET' } },
    })
    logger.error({
      err: Object.assign(new Error('no'), {
        config: { headers: { Authorization: 'Bearer S3CRET' } },
      }),
    })
    expect(lines.join('')).not.toContain('S3CRET')
    expect(lines.join('')).toContain('ann')
  })
})

describe('the configuration', () => {
  it('names every variable that is wrong, at once', () => {
    const load = () => loadConfig({ STEWARD_SITE_URL: 'not a url', STEWARD_PORT: '99999999' })
    expect(load).toThrow(/STEWARD_SITE_URL/)
    expect(load).toThrow(/STEWARD_PORT/)
  })

  it('documents every variable', () => {
    for (const [name, schema] of Object.entries(environmentSchema.shape)) {
      expect(schema.description, name).toBeTruthy()
    }
    expect(Object.keys(environmentSchema.shape)).toEqual(
      expect.arrayContaining([...SECRET_VARIABLES]),
    )
  })
})
