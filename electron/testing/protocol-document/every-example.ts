import type { Example } from './example.ts'
import { claimExamples, welcomerExamples } from './examples/claims.ts'
import { contentExamples } from './examples/content.ts'
import { documentExamples } from './examples/documents.ts'
import { frameExamples } from './examples/frames.ts'
import { helloExamples } from './examples/hello.ts'
import { identityExamples } from './examples/identity.ts'
import { mailboxExamples } from './examples/mailbox.ts'
import { mlsExamples } from './examples/mls.ts'
import { wireExamples } from './examples/wire.ts'
import { makeScene } from './scene.ts'

/** All that docs/protocol.md shows. */
export async function everyExample(): Promise<readonly Example[]> {
  const scene = await makeScene()
  return [
    ...frameExamples,
    ...identityExamples,
    ...helloExamples(scene),
    ...(await mlsExamples(scene)),
    ...documentExamples(scene),
    ...contentExamples,
    ...claimExamples,
    ...welcomerExamples(scene),
    ...wireExamples,
    ...mailboxExamples,
  ]
}
