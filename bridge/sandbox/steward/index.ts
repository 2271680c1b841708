import type { SandboxApp } from '../site/contract.ts'
import { stewardDoctypes } from './doctypes.ts'
import { healthMethods } from './health.ts'
import { operationMethods } from './operations/methods.ts'
import { operationRecord } from './operations/record.ts'
import { recordingHooks } from './operations/recorder.ts'
import { publishedRecord, publishMethods } from './publish.ts'
import { queryMethods } from './query/methods.ts'
import { seedSteward } from './seed.ts'
import { oauthTokens, stewardGrant, userGrants } from './sessions/grants.ts'
import { endSession, sessionMethods } from './sessions/methods.ts'
import { settingsMethods, stewardModelProvider, stewardPlan, stewardSettings } from './settings.ts'

/** The Frappe app `steward` on the sandbox: the same methods, rules and doctypes. */
export const stewardApp: SandboxApp = {
  name: 'steward',
  doctypes: stewardDoctypes,
  controllers: {
    '*': recordingHooks,
    User: userGrants,
    'OAuth Bearer Token': oauthTokens,
    'Steward Grant': stewardGrant,
    'Steward Model Provider': stewardModelProvider,
    'Steward Operation': operationRecord,
    'Steward Plan': stewardPlan,
    'Steward Request': publishedRecord,
    'Steward Settings': stewardSettings,
  },
  methods: [
    ...sessionMethods,
    ...operationMethods,
    ...queryMethods,
    ...settingsMethods,
    ...publishMethods,
    ...healthMethods,
  ],
  seed: seedSteward,
  onLogout: endSession,
}

export { SANDBOX_BRIDGE } from './seed.ts'
