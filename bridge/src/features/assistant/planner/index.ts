export { createLocalPlanner } from './local-planner.ts'
