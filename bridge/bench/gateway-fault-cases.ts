import {
  answer,
  CHUNK,
  refuse,
  startStream,
  tokensThen,
  type Behaviour,
} from './gateway-upstream.ts'

/** What the caller must see when the first of two upstreams does this and the second is well. */
export interface FaultCase {
  name: string
  behaviour: Behaviour
  /**
   * `other`: the second upstream's answer. `cut`: the first one's tokens, then an error and no
   * finish reason. `whole`: the first one's whole answer. `left`: the client goes away itself.
   */
  expected: 'other' | 'cut' | 'whole' | 'left'
  /** The first one rests afterwards: the next call does not try it. */
  rests: boolean
}

const hang: Behaviour = () => undefined
const rateLimited = (seconds: number): Behaviour =>
  refuse(
    429,
    { message: 'Rate limit reached', code: 'rate_limit_exceeded' },
    { 'retry-after': String(seconds) },
  )

/** The table of faults: every one of them with the first of two upstreams failing. */
export const FAULT_CASES: FaultCase[] = [
  { name: '429, Retry-After 2', behaviour: rateLimited(2), expected: 'other', rests: true },
  { name: '429, Retry-After 30', behaviour: rateLimited(30), expected: 'other', rests: true },
  { name: '500', behaviour: refuse(500, { message: 'oops' }), expected: 'other', rests: true },
  { name: '503', behaviour: refuse(503, { message: 'down' }), expected: 'other', rests: true },
  {
    name: '529',
    behaviour: refuse(529, { message: 'Overloaded', type: 'overloaded_error' }),
    expected: 'other',
    rests: true,
  },
  {
    name: '401',
    behaviour: refuse(401, { message: 'Incorrect API key', code: 'invalid_api_key' }),
    expected: 'other',
    rests: true,
  },
  {
    name: '402',
    behaviour: refuse(402, { message: 'Payment required' }),
    expected: 'other',
    rests: true,
  },
  {
    name: 'quota',
    behaviour: refuse(429, {
      message: 'You exceeded your current quota',
      code: 'insufficient_quota',
    }),
    expected: 'other',
    rests: true,
  },
  {
    name: 'reset',
    behaviour: (res) => res.socket?.resetAndDestroy(),
    expected: 'other',
    rests: true,
  },
  { name: 'hang before first token', behaviour: hang, expected: 'other', rests: true },
  {
    name: 'stall after tokens',
    behaviour: tokensThen(() => undefined),
    expected: 'cut',
    rests: true,
  },
  {
    name: 'mid-stream drop',
    behaviour: tokensThen((res) => res.destroy()),
    expected: 'cut',
    rests: true,
  },
  {
    name: 'clean cut, no closing event',
    behaviour: tokensThen((res) => res.end()),
    expected: 'cut',
    rests: true,
  },
  {
    name: 'HTML with status 200',
    behaviour: (res) => {
      res.writeHead(200, { 'content-type': 'text/html' })
      res.end('<html><body>Bad gateway</body></html>')
    },
    expected: 'other',
    rests: true,
  },
  {
    name: 'malformed event',
    behaviour: (res) => {
      startStream(res)
      res.end('data: {"choices":[{"del\n\n')
    },
    expected: 'other',
    rests: true,
  },
  {
    name: 'malformed event after tokens',
    behaviour: tokensThen((res) => res.end('data: {"choices":[{"del\n\n' + CHUNK.done)),
    expected: 'cut',
    rests: true,
  },
  {
    name: 'error event after tokens',
    behaviour: tokensThen((res) =>
      res.end('data: {"error":{"message":"The server had an error","code":"server_error"}}\n\n'),
    ),
    expected: 'cut',
    rests: true,
  },
  {
    name: 'drop mid-body',
    behaviour: (res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
      res.write('{"id":"chatcmpl-1","choices":[', () => res.destroy())
    },
    expected: 'other',
    rests: true,
  },
  {
    name: 'slow tokens',
    behaviour: answer(['Hello', ' from', ' the', ' first'], 60),
    expected: 'whole',
    rests: false,
  },
  {
    name: 'client gone',
    behaviour: answer(
      Array.from({ length: 400 }, () => ' word'),
      20,
    ),
    expected: 'left',
    rests: false,
  },
]
