import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** A request that has come. */
export interface SeenRequest {
  readonly host: 'hub' | 'storage'
  readonly method: string | undefined
  readonly path: string
  readonly range: string | undefined
  readonly authorization: string | undefined
}

/** What goes wrong; tests change it as they go. */
export interface Misbehaviour {
  /** Answer everything on the hub with this status. */
  status?: number
  /** Answer so many requests for large files with 503 first. */
  busy?: number
  /** End the connection after so many bytes of a large file, so many times. */
  cut?: { afterBytes: number; times: number }
  /** Say nothing more after so many bytes of a large file. */
  stallAfterBytes?: number
  /** Send the whole file whatever was asked for. */
  ignoresRanges?: boolean
  /** Change one byte of large files. */
  corrupts?: boolean
}

/** A hub on this machine. */
export interface HubServer {
  readonly endpoint: string
  readonly seen: SeenRequest[]
  readonly faults: Misbehaviour
  close(): Promise<void>
}

/** The version that the server tells. */
export const hubCommit: string = 'c0ffee'.padEnd(40, '0')

/** Files above this are kept as the hub keeps large ones: elsewhere, with their SHA-256. */
const LARGE_BYTES = 10_000

/**
 * Speaks as much of the hub's API as a download needs: the version of a repository, its files page by page, and the files
 * themselves, of which the large ones are redirected to another host.
 */
export async function startHub(
  repository: string,
  files: Readonly<Record<string, Uint8Array>>,
  token?: string,
): Promise<HubServer> {
  const seen: SeenRequest[] = []
  const faults: Misbehaviour = {}
  const note = (host: SeenRequest['host'], { method, url, headers }: IncomingMessage): void => {
    const { range, authorization } = headers
    seen.push({ host, method, path: url ?? '', range, authorization })
  }
  const storage = await listen((request, response) => {
    note('storage', request)
    const file = files[decodeURIComponent((request.url ?? '').slice(1))]
    if (file === undefined) return answer(response, 404)
    sendLarge(request, response, file, faults)
  })
  const hub = await listen((request, response) => {
    note('hub', request)
    if (faults.status !== undefined) return answer(response, faults.status)
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return answer(response, 401)
    }
    const url = new URL(request.url ?? '', 'http://hub')
    if (url.pathname === `/api/models/${repository}/revision/main`) {
      return json(response, {
        _id: '1',
        id: repository,
        sha: hubCommit,
        lastModified: '2026-01-01',
      })
    }
    if (url.pathname === `/api/models/${repository}/tree/${hubCommit}`) {
      return sendPage(response, url, address(hub), Object.entries(files))
    }
    const [, path] = url.pathname.split(`/${repository}/resolve/${hubCommit}/`)
    const file = path === undefined ? undefined : files[path]
    if (path === undefined || file === undefined) return answer(response, 404)
    response.setHeader('x-repo-commit', hubCommit)
    if (file.length <= LARGE_BYTES) {
      response.setHeader('etag', `"${gitDigest(file)}"`)
      response.end(file)
      return
    }
    response.setHeader('x-linked-etag', `"${sha256(file)}"`)
    response.setHeader('x-linked-size', String(file.length))
    response.writeHead(302, { location: `${address(storage)}/${path}` }).end()
  })
  return {
    endpoint: address(hub),
    seen,
    faults,
    async close() {
      for (const server of [hub, storage]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

/** Two files a page, the next by a link, as the hub does with long lists. */
function sendPage(
  response: ServerResponse,
  url: URL,
  origin: string,
  files: readonly (readonly [string, Uint8Array])[],
): void {
  const first = Number(url.searchParams.get('cursor') ?? 0)
  if (first + 2 < files.length) {
    url.searchParams.set('cursor', String(first + 2))
    response.setHeader('link', `<${origin}${url.pathname}${url.search}>; rel="next"`)
  }
  const entries = files.slice(first, first + 2).map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: gitDigest(bytes),
    ...(bytes.length > LARGE_BYTES && {
      lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 },
    }),
  }))
  json(response, entries)
}

function sendLarge(
  request: IncomingMessage,
  response: ServerResponse,
  file: Uint8Array,
  faults: Misbehaviour,
): void {
  if ((faults.busy ?? 0) > 0) {
    faults.busy = (faults.busy ?? 0) - 1
    return answer(response, 503)
  }
  const from = Number(/^bytes=(\d+)-$/u.exec(request.headers.range ?? '')?.[1] ?? Number.NaN)
  const isPart = !Number.isNaN(from) && faults.ignoresRanges !== true
  const rest = Buffer.from(file.subarray(isPart ? from : 0))
  if (faults.corrupts === true) rest[rest.length - 1]! ^= 1
  const range = `bytes ${from}-${file.length - 1}/${file.length}`
  response.writeHead(isPart ? 206 : 200, {
    'content-length': rest.length,
    ...(isPart && { 'content-range': range }),
  })
  if (faults.stallAfterBytes !== undefined) {
    response.write(rest.subarray(0, faults.stallAfterBytes))
  } else if (faults.cut !== undefined && faults.cut.times > 0) {
    faults.cut.times -= 1
    response.write(rest.subarray(0, faults.cut.afterBytes), () => response.destroy())
  } else {
    response.end(rest)
  }
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function address(server: Server): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return `http://127.0.0.1:${bound.port}`
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}

/** SHA-256 in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What git calls a file of this content. */
export function gitDigest(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
