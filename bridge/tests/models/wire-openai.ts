/** Wire shapes of OpenAI's Responses API as documented; xAI serves the same. */
const sse = (events: { type: string; [key: string]: unknown }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')

const response = (changes: object) => ({
  id: 'resp_1',
  object: 'response',
  model: 'gpt-6-sol',
  status: 'completed',
  incomplete_details: null,
  error: null,
  usage: {
    input_tokens: 120,
    input_tokens_details: { cached_tokens: 64, cache_write_tokens: 0 },
    output_tokens: 40,
    output_tokens_details: { reasoning_tokens: 25 },
    total_tokens: 160,
  },
  ...changes,
})

const created = { type: 'response.created', response: response({ status: 'in_progress' }) }
const text = (delta: string) => ({ type: 'response.output_text.delta', output_index: 1, delta })
const call = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name: 'find',
  arguments: '{"words":"chairs"}',
}

export const openAiWire = {
  contentType: 'text/event-stream',
  text: sse([
    created,
    text('Hel'),
    text(''),
    text('lo'),
    { type: 'response.completed', response: response({}) },
  ]),
  toolCall: sse([
    created,
    { type: 'response.output_item.added', output_index: 0, item: { ...call, arguments: '' } },
    { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"words":' },
    { type: 'response.function_call_arguments.delta', output_index: 0, delta: '"chairs"}' },
    { type: 'response.output_item.done', output_index: 0, item: call },
    { type: 'response.completed', response: response({}) },
  ]),
  reasoningThenTool: sse([
    created,
    {
      type: 'response.output_item.done',
      output_index: 0,
      item: { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA-opaque' },
    },
    { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
    { type: 'response.output_item.done', output_index: 1, item: call },
    { type: 'response.completed', response: response({}) },
  ]),
  refusal: sse([
    created,
    { type: 'response.refusal.delta', output_index: 0, delta: 'I cannot help with that.' },
    { type: 'response.completed', response: response({}) },
  ]),
  tooLong: sse([
    created,
    text('Hello'),
    {
      type: 'response.incomplete',
      response: response({
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
      }),
    },
  ]),
  errorAfterText: sse([
    created,
    text('Hel'),
    { type: 'error', code: 'server_error', message: 'The server had an error', param: null },
  ]),
  cut: sse([created, text('Hel')]),
  malformed: `${sse([created, text('Hel')])}event: response.output_text.delta\ndata: {"type":"resp\n\n`,
  usage: { input: 120, cached: 64, written: 0, output: 40, reasoning: 25 },
  error: (message: string, code: string | null) => ({ error: { message, code, type: code } }),
}
