import { createServer } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { expect, test } from 'vitest'
import { createAddressGuard } from '../../src/platform/models/address-guard.ts'
import { createModels } from '../../src/platform/models/index.ts'

const guard = createAddressGuard({ allow_private: false })

test.each([
  'http://127.0.0.1:11434/v1',
  'http://localhost/v1',
  'http://api.localhost/v1',
  'http://10.0.0.8/v1',
  'http://192.168.1.4/v1',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://0.0.0.0/',
  'http://[::1]/v1',
  'http://[fe80::1]/v1',
  'http://[fd00::1]/v1',
  'http://[::ffff:127.0.0.1]/v1',
  'http://2130706433/v1',
  'http://0x7f.1/v1',
  'file:///etc/passwd',
  'https://user:secret@example.com/',
])('%s is refused', (url) => {
  expect(() => guard.checkUrl(url)).toThrow(
    expect.objectContaining({ code: 'address_not_allowed' }),
  )
})

test('a public address is taken, and a private one when the operator allows it', () => {
  expect(guard.checkUrl('https://openrouter.ai/api/v1').hostname).toBe('openrouter.ai')
  const open = createAddressGuard({ allow_private: true })
  expect(open.checkUrl('http://127.0.0.1:11434/v1').port).toBe('11434')
})

test('a public name that resolves to a private address is refused at the socket', async () => {
  const resolve = ((_host: string, _options: object, done: (...args: unknown[]) => void) =>
    done(null, [
      { address: '93.184.216.34', family: 4 },
      { address: '10.1.2.3', family: 4 },
    ])) as never
  const { lookup } = createAddressGuard({ allow_private: false, resolve })
  const outcome = await new Promise<Error | null>((done) => {
    ;(lookup as LookupFunction)('rebind.example', { all: true }, (error) => done(error))
  })
  expect(outcome).toMatchObject({ code: 'address_not_allowed' })
})

test('a private endpoint of a site record is never called', async () => {
  let called = false
  const server = createServer((_req, res) => {
    called = true
    res.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const models = createModels({ allow_private_endpoints: false })
  for (const kind of ['openai', 'anthropic', 'openai_compatible'] as const) {
    const connection = { name: 'inside', kind, base_url: base, api_key: 'k' }
    await expect(models.check(connection, new AbortController().signal)).rejects.toThrow()
  }
  expect(called).toBe(false)
  await models.close()
  server.close()
})
