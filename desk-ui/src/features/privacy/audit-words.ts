import type { AuditEvent } from './data.ts'

/** The kinds of `?action=`, each with all that happens in it. */
export const ACTION_KINDS = [
  { value: '', label: 'All actions' },
  { value: 'operation', label: 'Operations' },
  { value: 'conversation', label: 'Conversations' },
  { value: 'session', label: 'Sign-ins' },
  { value: 'member', label: 'Members' },
  { value: 'api_key', label: 'API keys' },
  { value: 'provider', label: 'Providers' },
  { value: 'settings', label: 'Settings' },
  { value: 'plan', label: 'Plans' },
  { value: 'limits', label: 'Limits' },
]

/** `operation.applied` as "Operation applied". */
export function actionWords(action: string): string {
  const words = action.replace('api_key', 'API key').replace(/[._]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What the entry says beside its columns, one `name: value` each. */
export function detailLines({ details }: AuditEvent): { name: string; value: string }[] {
  return Object.entries(details).map(([name, value]) => ({
    name: name.replaceAll('_', ' '),
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }))
}
