/** Wire shapes of Anthropic's Messages API as documented. */
const sse = (events: { type: string; [key: string]: unknown }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')

const start = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5-5',
    content: [],
    stop_reason: null,
    usage: {
      input_tokens: 30,
      cache_creation_input_tokens: 26,
      cache_read_input_tokens: 64,
      output_tokens: 1,
    },
  },
}
const ping = { type: 'ping' }
const textStart = {
  type: 'content_block_start',
  index: 0,
  content_block: { type: 'text', text: '' },
}
const text = (piece: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: piece },
})
const thinking = (delta: object) => ({ type: 'content_block_delta', index: 0, delta })
const blockStop = { type: 'content_block_stop', index: 0 }
const end = (reason: string) => [
  {
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 40, output_tokens_details: { thinking_tokens: 25 } },
  },
  { type: 'message_stop' },
]
const json = (piece: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'input_json_delta', partial_json: piece },
})

export const anthropicWire = {
  contentType: 'text/event-stream',
  text: sse([
    start,
    ping,
    textStart,
    text('Hel'),
    text(''),
    text('lo'),
    blockStop,
    ...end('end_turn'),
  ]),
  toolCall: sse([
    start,
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'call_1', name: 'find', input: {} },
    },
    json(''),
    json('{"words":'),
    json('"chairs"}'),
    blockStop,
    ...end('tool_use'),
  ]),
  reasoningThenTool: sse([
    start,
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    },
    thinking({ type: 'thinking_delta', thinking: 'Let me ' }),
    thinking({ type: 'thinking_delta', thinking: 'think.' }),
    thinking({ type: 'signature_delta', signature: 'sig-opaque' }),
    blockStop,
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 'call_1', name: 'find', input: {} },
    },
    { type: 'content_block_stop', index: 1 },
    ...end('tool_use'),
  ]),
  refusal: sse([start, ...end('refusal')]),
  tooLong: sse([start, textStart, text('Hello'), blockStop, ...end('max_tokens')]),
  errorAfterText: sse([
    start,
    textStart,
    text('Hel'),
    { type: 'error', error: { type: 'api_error', message: 'Internal server error' } },
  ]),
  cut: sse([start, textStart, text('Hel')]),
  malformed: `${sse([start, textStart, text('Hel')])}event: content_block_delta\ndata: {"type":"cont\n\n`,
  usage: { input: 120, cached: 64, written: 26, output: 40, reasoning: 25 },
  error: (message: string, type: string | null) => ({ type: 'error', error: { type, message } }),
}
