import { wordsOf } from '../../routing/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { isFrameWord } from './frame-words.ts'
import type { Gist } from './gist.ts'

const OPEN_AT_MOST = 100
const ALIKE = 4

/** The one open to-do whose words a request uses; null when none or several fit. */
export async function todoMeant(
  { text, doctypes }: Gist,
  planner: PlannerTurn,
): Promise<string | null> {
  if (!doctypes.includes('ToDo')) return null
  const asked = wordsOf(text.replace(/\bto-?dos?\b/g, ' ')).filter((word) => word.length > 2)
  const own = asked.filter((word) => !isFrameWord(word))
  const { table } = await planner.site.call('list_records', {
    doctype: 'ToDo',
    fields: ['name', 'description'],
    filters: [['status', '=', 'Open']],
    limit: OPEN_AT_MOST,
  })
  const ranked = table.rows
    .map((row) => ({ name: String(row.name), title: String(row.description) }))
    .map((todo) => ({ ...todo, hits: hitsIn(asked, todo.title) }))
    .sort((a, b) => b.hits - a.hits)
  const [best, second] = ranked
  // One word of its own is enough where the request has no other; words around it need a second.
  const isEnough = best && best.hits >= (own.length === 1 && hitsIn(own, best.title) === 1 ? 1 : 2)
  return isEnough && best.hits > (second?.hits ?? 0) ? best.name : null
}

/** "visiting" fits "Visit": the beginnings count. */
function hitsIn(asked: string[], description: string): number {
  const own = wordsOf(description.replaceAll(/<[^>]*>/g, ' '))
  const isSame = (word: string, other: string) =>
    word === other ||
    (word.length >= ALIKE &&
      other.length >= ALIKE &&
      word.slice(0, ALIKE + 1) === other.slice(0, ALIKE + 1))
  return asked.filter((word) => own.some((other) => isSame(word, other))).length
}
