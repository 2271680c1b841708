import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TransactionLog } from './transaction-log.ts'

/** Bytes of uploaded files by their URL; a rolled-back request takes its bytes back with it. */
export interface FileContents {
  read(url: string): Buffer | null
  write(url: string, bytes: Buffer): void
  remove(url: string): void
}

/** In memory, or below `folder` when there is one. */
export function openFileContents(log: TransactionLog, folder: string | null): FileContents {
  const plain = folder ? diskContents(folder) : memoryContents()
  return {
    read: (url) => plain.read(url),
    write(url, bytes) {
      const before = plain.read(url)
      plain.write(url, bytes)
      log.record(() => (before ? plain.write(url, before) : plain.remove(url)))
    },
    remove(url) {
      const before = plain.read(url)
      if (!before) return
      plain.remove(url)
      log.record(() => plain.write(url, before))
    },
  }
}

function memoryContents(): FileContents {
  const bytesByUrl = new Map<string, Buffer>()
  return {
    read: (url) => bytesByUrl.get(url) ?? null,
    write: (url, bytes) => void bytesByUrl.set(url, bytes),
    remove: (url) => void bytesByUrl.delete(url),
  }
}

function diskContents(folder: string): FileContents {
  const pathOf = (url: string) => join(folder, encodeURIComponent(url))
  return {
    read(url) {
      try {
        return readFileSync(pathOf(url))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    write(url, bytes) {
      mkdirSync(dirname(pathOf(url)), { recursive: true })
      writeFileSync(pathOf(url), bytes)
    },
    remove: (url) => rmSync(pathOf(url), { force: true }),
  }
}
