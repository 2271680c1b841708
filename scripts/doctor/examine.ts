import { loadConfig } from '../../bridge/src/config/index.ts'
import { isStewardError } from '../../bridge/src/shared/errors.ts'
import { checkBridge } from './bridge-checks.ts'
import { mend, type Finding } from './finding.ts'
import { checkSite } from './site-checks.ts'

/** Everything there is to find about the configuration in `variables`, in the order of looking. */
export async function examine(variables: Record<string, string | undefined>): Promise<Finding[]> {
  try {
    const config = loadConfig(variables)
    return [...(await checkSite(config)), ...(await checkBridge(config))]
  } catch (error) {
    if (isStewardError(error, 'misconfigured')) return [mend('configuration', error.message)]
    throw error
  }
}
