import { computed } from 'vue'
import { session } from './session.ts'

/** Viewers see every proposal but decide none; the bridge and ERPNext both hold to that anyway. */
export const canApprove = computed(() => session.me !== null && session.me.team.role !== 'viewer')

/** Who may change what the whole team pays and uses. */
export const canManage = computed(() =>
  ['owner', 'admin', 'manager'].includes(session.me?.team.role ?? ''),
)
