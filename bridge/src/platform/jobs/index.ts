export { openJobQueue, type JobQueue, type JobQueueOptions } from './job-queue.ts'
