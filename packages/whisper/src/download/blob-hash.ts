import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'

/** What the hub says of a file's content. Its digest is the name of the blob in the cache, as in Python's. */
export interface BlobIdentity {
  /** Length in bytes. */
  readonly size: number
  /** Large files: SHA-256. Others: git's SHA-1. */
  readonly algorithm: 'sha256' | 'git'
  /** In hexadecimal digits. */
  readonly digest: string
}

/** An entry of the hub's list of files. */
export interface ListedFile {
  readonly path: string
  readonly size: number
  readonly oid?: string | undefined
  readonly lfs?: { readonly oid: string; readonly size: number } | undefined
}

/** Identity of a listed file; undefined when the list does not give one that can be checked. */
export function blobIdentity({ size, oid, lfs }: ListedFile): BlobIdentity | undefined {
  if (lfs !== undefined && /^[\da-f]{64}$/u.test(lfs.oid)) {
    return { size: lfs.size, algorithm: 'sha256', digest: lfs.oid }
  }
  if (lfs !== undefined || oid === undefined || !/^[\da-f]{40}$/u.test(oid)) return undefined
  return { size, algorithm: 'git', digest: oid }
}

/** A hash that ends in the digest when it has been given the content. */
export function startHash({ size, algorithm }: BlobIdentity): Hash {
  if (algorithm === 'sha256') return createHash('sha256')
  return createHash('sha1').update(`blob ${size}\0`)
}
