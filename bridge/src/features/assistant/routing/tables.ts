import type { ColumnType } from 'kysely'
import type { RequestClass } from '../../../shared/assistant-protocol.ts'
import type { Thresholds } from './threshold.ts'

export interface RouteThresholdTable {
  site_id: string
  team_id: string
  thresholds: ColumnType<Thresholds, string, string>
  updated_at: Date
}

export interface RouteCorrectionTable {
  id: string
  site_id: string
  team_id: string
  person: string
  text: string
  decided_class: RequestClass
  confidence: number
  correct_class: RequestClass
  created_at: Date
}

declare module '../../../platform/database/schema.ts' {
  interface DatabaseSchema {
    route_threshold: RouteThresholdTable
    route_correction: RouteCorrectionTable
  }
}
