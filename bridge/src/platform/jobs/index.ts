export { openJobQueue, type JobQueue } from './job-queue.ts'
