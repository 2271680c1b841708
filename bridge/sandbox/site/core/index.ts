import type { SandboxApp } from '../contract.ts'
import { coreControllers } from './controllers.ts'
import { deskDoctypes } from './desk.ts'
import { oauthDoctypes } from './oauth-doctypes.ts'
import { peopleDoctypes } from './people.ts'
import { recordDoctypes } from './records.ts'
import { seedCore } from './seed-core.ts'
import { workflowDoctypes } from './workflow-doctypes.ts'

/** Frappe itself, as the first app of every site. */
export const frappeApp: SandboxApp = {
  name: 'frappe',
  doctypes: [
    ...recordDoctypes,
    ...peopleDoctypes,
    ...deskDoctypes,
    ...oauthDoctypes,
    ...workflowDoctypes,
  ],
  controllers: coreControllers,
  methods: [],
  seed: seedCore,
}

export { addStateField, openTransitions, tableOf, workflowOf } from './workflow.ts'
