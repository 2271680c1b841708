import { readFileSync } from 'node:fs'
import type { Clock } from '../../../shared/clock.ts'
import type { Ids } from '../../../shared/ids.ts'
import type { Database } from '../../../platform/database/index.ts'
import type { KnownName, Router, RouteQuestion } from '../ports.ts'
import { decide, leavesOpen } from './decision.ts'
import { createNameFinder, type NameFinder } from './known-names.ts'
import { loadModel, type LinearModel, type ShippedModel } from './linear-model.ts'
import { learn, type Thresholds } from './threshold.ts'
import { addCorrection, readThresholds, saveThresholds } from './threshold-store.ts'
import { createVocabulary, type Vocabulary } from './vocabulary.ts'

export interface RouterOptions {
  database: Database
  clock: Clock
  ids: Ids
}

/** The weights as they ship with the source; see `scripts/train-router.ts`. */
export function shippedModel(): LinearModel {
  const file = new URL('./model/router-weights.json', import.meta.url)
  return loadModel(JSON.parse(readFileSync(file, 'utf8')) as ShippedModel)
}

/** Decides locally in well under a millisecond; a team's corrections move its own thresholds. */
export function createRouter({ database, clock, ids }: RouterOptions): Router {
  const model = shippedModel()
  const vocabularies = new Map<string, Vocabulary>()
  // By the list itself: it belongs to one person and goes when their session's memory does.
  const finders = new WeakMap<readonly KnownName[], NameFinder>()
  const known = new Map<string, { thresholds: Thresholds; readAt: number }>()

  async function thresholdsOf(team: { site_id: string; team_id: string }): Promise<Thresholds> {
    const key = `${team.site_id}\n${team.team_id}`
    const cached = known.get(key)
    if (cached && clock.monotonic() - cached.readAt < FRESH_MS) return cached.thresholds
    const thresholds = await database.tenantStatement(team, (tx) => readThresholds(tx))
    remember(known, key, { thresholds, readAt: clock.monotonic() })
    return thresholds
  }

  function vocabularyOf({ site_id, words }: RouteQuestion): Vocabulary {
    const key = `${site_id}\n${words.version}\n${words.doctypes.length}\n${words.reports.length}`
    const cached = vocabularies.get(key)
    if (cached) return cached
    const made = createVocabulary(words)
    remember(vocabularies, key, made)
    return made
  }

  function finderOf(names: readonly KnownName[]): NameFinder {
    const known = finders.get(names)
    if (known) return known
    const made = createNameFinder(names)
    finders.set(names, made)
    return made
  }

  return {
    async route(question) {
      const { text, page, history, tiers } = question
      const [vocabulary, thresholds] = [vocabularyOf(question), await thresholdsOf(question)]
      const input = { text, page, history, tiers, vocabulary, thresholds }
      const decision = decide(input, model)
      if (!question.names || !leavesOpen(decision)) return decision
      const names = finderOf(await question.names())
      return decide({ ...input, names }, model)
    },
    async correct(correction) {
      const at = clock.now()
      const id = ids.next('event')
      await database.withTenant(correction, async (tx) => {
        const before = await readThresholds(tx, 'for update')
        await addCorrection(tx, { ...correction, id, at })
        const after = learn(before, correction.decided, correction.correct_class)
        if (after !== before) await saveThresholds(tx, correction, after, at)
      })
      known.delete(`${correction.site_id}\n${correction.team_id}`)
    },
  }
}

/** Other replicas see a correction after at most this long. */
const FRESH_MS = 60_000
const REMEMBERED_AT_MOST = 500

function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  if (cache.size >= REMEMBERED_AT_MOST) cache.delete(cache.keys().next().value!)
  cache.set(key, value)
}
