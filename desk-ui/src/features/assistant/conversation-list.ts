import { reactive, readonly } from 'vue'
import { sentenceOf } from '../../bridge/problem.ts'
import type { Conversation } from '../../bridge/protocol.ts'
import {
  deleteConversation,
  listConversations,
  readConversation,
  renameConversation,
  type SeenConversation,
} from './data.ts'

const state = reactive({
  conversations: [] as Conversation[],
  nextCursor: null as string | null,
  loading: false,
  loaded: false,
  problem: null as string | null,
})

/** Conversations of this person, newest first; shared by the sidebar and the panel. */
export const conversationList = readonly(state)

export async function loadConversations(more = false): Promise<void> {
  if (state.loading) return
  state.loading = true
  state.problem = null
  try {
    const page = await listConversations(more ? state.nextCursor : null)
    state.conversations = more ? [...state.conversations, ...page.data] : page.data
    state.nextCursor = page.next_cursor
    state.loaded = true
  } catch (error) {
    state.problem = sentenceOf(error)
  } finally {
    state.loading = false
  }
}

export async function retitleConversation(seen: SeenConversation, title: string): Promise<void> {
  putInPlace(await renameConversation(seen, title))
}

export async function forgetConversation(seen: SeenConversation): Promise<void> {
  await deleteConversation(seen)
  state.conversations = state.conversations.filter(({ id }) => id !== seen.conversation.id)
}

/** Reads a conversation before it is changed; the list shows what was read. */
export async function seeConversation(id: string): Promise<SeenConversation> {
  const seen = await readConversation(id)
  putInPlace(seen.conversation)
  return seen
}

function putInPlace(fresh: Conversation): void {
  state.conversations = state.conversations.map((known) => (known.id === fresh.id ? fresh : known))
}

/** A message was sent in it: it moves to the top, under its first words until it has a title. */
export function noteConversation(id: string, text: string): void {
  const now = new Date().toISOString()
  const known = state.conversations.find((conversation) => conversation.id === id)
  const first = { id, title: text.slice(0, 80), created_at: now, updated_at: now, context: null }
  state.conversations = [
    { ...(known ?? first), updated_at: now },
    ...state.conversations.filter((conversation) => conversation.id !== id),
  ]
}
