import { reactive, readonly } from 'vue'
import { sentenceOf } from '../../bridge/problem.ts'
import type { Conversation } from '../../bridge/protocol.ts'
import { deleteConversation, listConversations, renameConversation } from './data.ts'

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

export async function retitleConversation(id: string, title: string): Promise<void> {
  const renamed = await renameConversation(id, title)
  state.conversations = state.conversations.map((known) => (known.id === id ? renamed : known))
}

export async function forgetConversation(id: string): Promise<void> {
  await deleteConversation(id)
  state.conversations = state.conversations.filter((known) => known.id !== id)
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
