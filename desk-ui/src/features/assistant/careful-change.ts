import { Problem } from '../../bridge/problem.ts'
import type { Conversation } from '../../bridge/protocol.ts'
import { seeConversation } from './conversation-list.ts'
import type { SeenConversation } from './data.ts'

/**
 * Changes a conversation as the person saw it. Where it was changed meanwhile, `whatChanged` says in
 * a sentence what the person should know first, and confirming again goes on from there; null where
 * it does not matter to them, and the change is made on what is there now.
 */
export async function changeSeen(
  seen: SeenConversation,
  change: (seen: SeenConversation) => Promise<void>,
  whatChanged: (before: Conversation, now: Conversation) => string | null,
): Promise<void> {
  try {
    await change(seen)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'precondition_failed') throw error
    const before = seen.conversation
    Object.assign(seen, await seeConversation(before.id))
    const news = whatChanged(before, seen.conversation)
    if (news) throw new Problem(412, 'precondition_failed', news)
    await change(seen)
  }
}

/** Messages that came in do not matter to a new title; another new title does. */
export function newTitle(before: Conversation, now: Conversation): string | null {
  if (before.title === now.title) return null
  return `Meanwhile it was renamed to “${now.title}”. Rename again to use your title instead.`
}

export function anyNews(before: Conversation, now: Conversation): string {
  return (
    newTitle(before, now)?.replace(
      'Rename again to use your title instead',
      'Nothing was deleted',
    ) ??
    'Meanwhile something was asked in it, so nothing was deleted. Look at it first, or delete again.'
  )
}
