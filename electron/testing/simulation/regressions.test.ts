import { expect, test } from 'vitest'
import { X25519_SUITE } from '../../crypto/mls/index.ts'
import type { SimOptions } from './options.ts'
import { CALM } from './options.ts'
import { simulate } from './run.ts'

/** Seed, founders, nodes, steps, hostile, whether on disk; loss, duplicate, late, skewMs; partition, offline, oneWay, slow, crash. */
type World = readonly [
  number,
  number,
  number,
  number,
  number,
  0 | 1,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]

/** All of these change the group at once. */
function worldOf(
  [seed, founders, nodes, steps, hostile, disk, loss, duplicate, late, skewMs, ...weights]: World,
  back = false,
): SimOptions {
  const [partition, offline, oneWay, slow, crash] = weights
  const faults = { loss, duplicate, late, skewMs, partition, offline, oneWay, slow, crash }
  return {
    seed,
    founders,
    nodes,
    steps,
    hostile,
    concurrentCommits: true,
    back,
    frames: false,
    keyPace: null,
    suiteId: X25519_SUITE,
    mailboxes: 0,
    disk: disk === 1,
    faults,
  }
}

/**
 * Worlds that failed once, with all their options, which `optionsOf` may give the seed no more. `found`: what it was. `back`: whoever was removed was invited again.
 */
const regressions: readonly { found: string; worlds: readonly World[]; back?: true }[] = [
  {
    found: 'what was asked before a fresh leaf was taken for lost for ever after, or done again over what others had changed since',
    worlds: [
      [6, 2, 4, 30, 0, 0, 0.15, 0, 0.2, 2000, 0, 1, 2, 1, 0],
      [22, 2, 4, 39, 0, 0, 0.01, 0.1, 0.2, 21600000, 2, 1, 0, 0, 1],
      [37, 2, 3, 37, 0, 0, 0.05, 0.02, 0.2, 0, 2, 1, 0, 1, 1],
      [148, 3, 4, 29, 0, 0, 0.05, 0.1, 0.2, 60000, 0, 0, 0, 2, 2],
      [176, 2, 5, 22, 0, 0, 0.01, 0, 0.05, 0, 2, 3, 1, 1, 4],
      [183, 3, 5, 17, 0, 0, 0.05, 0.1, 0.05, 60000, 1, 4, 2, 2, 4],
    ],
  },
  {
    found: 'somebody who came in after the fork could not bring the others the commits of its branch, so that they never chose',
    worlds: [
      [11, 3, 5, 30, 0, 1, 0.01, 0.02, 0, 0, 4, 4, 0, 2, 2],
      [163, 2, 5, 23, 0, 0, 0.01, 0, 0.2, 2000, 4, 4, 1, 1, 1],
      [188, 2, 3, 26, 0, 0, 0.01, 0, 0.05, 60000, 4, 2, 2, 2, 0],
    ],
  },
  {
    found: 'somebody who was removed went on to have a say in where a newcomer is',
    worlds: [
      [20, 2, 4, 34, 0, 0, 0.15, 0.02, 0.05, 0, 0, 1, 0, 1, 0],
      [41, 2, 5, 19, 0, 0, 0.01, 0.02, 0, 60000, 2, 3, 1, 2, 4],
    ],
  },
  {
    found: 'a newcomer whose commit lost was owed nothing any more of what had been written for it',
    worlds: [[103, 3, 4, 17, 0, 0, 0.15, 0.02, 0.2, 60000, 3, 0, 2, 2, 4]],
  },
  {
    found: 'somebody who was removed where it never was came back by the invitation it had come by',
    worlds: [[80, 2, 4, 38, 0, 0, 0.05, 0.1, 0.2, 0, 0, 4, 0, 2, 0]],
  },
  {
    found: 'somebody left, and the commit that saw it off lost with whoever had made it',
    worlds: [
      [174, 3, 5, 28, 0, 0, 0.05, 0, 0.05, 2000, 4, 1, 2, 2, 0],
      [10, 4, 5, 31, 1, 0, 0.01, 0.1, 0.05, 21600000, 3, 2, 1, 2, 4],
      [131, 3, 4, 26, 1, 1, 0.01, 0, 0, 0, 1, 0, 0, 2, 0],
    ],
  },
  {
    found: 'a newcomer that was let in again forgot what it had asked on the branch that lost',
    worlds: [[17, 2, 5, 38, 0, 0, 0.15, 0.1, 0, 2000, 0, 0, 1, 0, 2]],
  },
  {
    found: 'a newcomer that was let in earlier where all others are was brought nothing of the time between',
    worlds: [[168, 2, 3, 27, 0, 0, 0.05, 0.1, 0.2, 21600000, 3, 0, 2, 0, 0]],
  },
  {
    found: 'who was removed by a removal that lost, and heard of that one first, stayed out while the others showed it (T8)',
    worlds: [
      [44, 2, 3, 40, 0, 0, 0.05, 0.1, 0.05, 21600000, 1, 0, 1, 1, 0],
      [426, 2, 4, 40, 0, 0, 0.01, 0.02, 0.05, 21600000, 4, 4, 1, 2, 1],
      [44, 3, 3, 40, 1, 0, 0.05, 0.1, 0.05, 21600000, 1, 0, 1, 1, 0],
      [77, 3, 4, 37, 1, 0, 0, 0, 0, 2000, 0, 3, 2, 1, 0],
    ],
  },
  {
    found: 'the same where that removal did not fall but was outweighed, and its author had no right to do it again (T8)',
    worlds: [[461, 2, 4, 40, 0, 0, 0, 0.1, 0.05, 60000, 2, 2, 1, 0, 4]],
  },
  {
    found: 'the same where only the one who had removed it, and was out itself by then, was connected with it (T6)',
    worlds: [[337, 2, 3, 26, 0, 0, 0.01, 0.1, 0.05, 2000, 0, 0, 2, 2, 0]],
  },
  {
    found: 'who came in on a branch that renewed the presence key and lost was recognised by nobody on the other, and never heard of it',
    worlds: [[192, 2, 5, 40, 0, 0, 0.01, 0.02, 0.2, 21600000, 1, 2, 0, 2, 5]],
  },
  {
    found: 'who was removed where it could not see, and who came in by somebody who left there, let each other in again for ever (R2)',
    worlds: [[75, 3, 5, 19, 0, 0, 0.15, 0.02, 0, 2000, 4, 0, 2, 1, 0]],
  },
  {
    found: 'somebody was told that they are out where they had never been in, and was let in after',
    worlds: [
      [10315, 2, 4, 33, 0, 0, 0.15, 0, 0.2, 60000, 3, 2, 0, 0, 0],
      [10939, 2, 3, 39, 0, 0, 0.01, 0.1, 0.2, 60000, 3, 1, 0, 1, 5],
      [11715, 3, 5, 35, 0, 0, 0.15, 0.1, 0.2, 2000, 3, 1, 0, 0, 0],
      [11979, 3, 4, 33, 0, 0, 0.01, 0.1, 0, 0, 0, 0, 0, 1, 1],
      [14237, 2, 3, 34, 0, 0, 0.05, 0.02, 0.05, 60000, 4, 3, 0, 0, 2],
      [15279, 2, 3, 18, 0, 0, 0.15, 0.02, 0.05, 60000, 4, 0, 1, 2, 0],
    ],
  },
  {
    found: 'what was asked by somebody whose own commit into the group lost was never judged after a fresh leaf',
    worlds: [[12059, 2, 3, 34, 0, 0, 0.01, 0.1, 0.2, 2000, 3, 0, 1, 0, 0]],
  },
  {
    found: 'the Welcome of a commit that lost for a while was gone when that commit was chosen after all, and a join never ended',
    worlds: [[13157, 12, 14, 18, 0, 0, 0.15, 0.1, 0.2, 60000, 3, 4, 0, 1, 1]],
  },
  {
    found: 'who came in on a branch that had renewed its key was not recognised by who heard of that branch while they were connected',
    worlds: [
      [11225, 2, 5, 33, 0, 0, 0.01, 0.02, 0.2, 60000, 3, 3, 1, 1, 0],
      [11411, 4, 5, 17, 0, 1, 0.15, 0.02, 0.2, 2000, 0, 0, 0, 1, 0],
    ],
  },
  {
    found: 'a world was judged before they had met: connections that were gone counted as long as nobody had noticed',
    worlds: [[10611, 3, 3, 17, 1, 1, 0, 0.02, 0, 2000, 3, 1, 0, 1, 5]],
  },
  {
    found:
      'who came back with a fresh leaf was taken to have what led to it, and never found out that what it had asked before was lost (D4)',
    worlds: [[10940, 2, 5, 37, 0, 0, 0.05, 0.1, 0.05, 0, 0, 0, 1, 0, 5]],
  },
  {
    found: 'somebody hostile made two commits with one key, and who took the one was never told what was written after the other (D2)',
    worlds: [[13212, 4, 5, 35, 1, 0, 0, 0.02, 0, 21600000, 0, 1, 1, 0, 1]],
  },
  {
    found: 'who had left was a member for ever where whoever had seen it off on a branch that lost did not do so again (I5)',
    worlds: [[10405, 4, 5, 33, 1, 0, 0, 0, 0.05, 60000, 4, 1, 2, 0, 4]],
  },
  {
    found: 'a newcomer waited for ever for the Welcome of somebody who had left, or was removed, before it arrived (R6)',
    worlds: [[17107, 9, 11, 19, 0, 0, 0.05, 0.1, 0.2, 60000, 1, 1, 2, 0, 1]],
  },
  {
    found: 'a removal fell by commits out of a time that who was removed knew nothing of, and nobody told it (T8)',
    worlds: [[104622, 2, 3, 31, 0, 0, 0.05, 0.02, 0.2, 60000, 0, 2, 1, 0, 2]],
  },
  {
    found: 'only who was removed knew of that and of what had led there, of which it brought the one alone (T8)',
    worlds: [[102251, 3, 4, 33, 0, 1, 0.05, 0, 0.05, 60000, 3, 0, 0, 2, 1]],
  },
  {
    found: 'only who was removed knew that it had seen somebody off, and was gone (T6)',
    worlds: [
      [19769, 3, 4, 15, 0, 0, 0.15, 0, 0.2, 2000, 4, 3, 0, 1, 4],
      [22555, 4, 5, 39, 0, 0, 0, 0, 0, 0, 4, 4, 0, 2, 3],
      [18983, 2, 4, 39, 0, 0, 0.05, 0, 0.2, 2000, 0, 0, 0, 2, 0],
    ],
  },
  {
    found: 'a member that came back by a fresh leaf was not believed to be elsewhere, as if it could bring what led there (R2)',
    worlds: [[19033, 3, 4, 22, 1, 0, 0.05, 0.1, 0.2, 2000, 1, 3, 2, 0, 5]],
  },
  {
    found:
      'somebody hostile who was removed let a newcomer in with itself again and again, though the only owner said that it is no member (R2)',
    worlds: [[28017, 3, 5, 37, 1, 0, 0, 0, 0, 21600000, 0, 0, 0, 0, 0]],
  },
  {
    found: 'who was removed before its Welcome came was told that those who answer may let nobody in, and waited for one who said to (R7)',
    worlds: [[31734, 3, 5, 32, 1, 0, 0.15, 0, 0, 0, 0, 3, 1, 2, 0]],
  },
  {
    found: 'the same where one of two was in the space no more: it was waited for as if it might say otherwise (R7)',
    worlds: [
      [101925, 3, 5, 15, 0, 0, 0.15, 0, 0, 0, 2, 4, 2, 2, 2],
      [109198, 2, 4, 34, 0, 0, 0.15, 0.02, 0.05, 21600000, 3, 0, 0, 0, 4],
    ],
  },
  {
    found:
      'somebody hostile who counted out of order was seen by one on another branch than by the other, and the two chose differently for ever (D6)',
    worlds: [[34168, 3, 3, 35, 1, 0, 0.15, 0.1, 0.2, 2000, 2, 1, 2, 1, 2]],
  },
  {
    found:
      'newcomers of a branch that lost waited for ever where the only owner had come back by a fresh leaf, for which it was no owner to them (R2)',
    worlds: [
      [27201, 3, 5, 39, 1, 0, 0, 0.02, 0.2, 2000, 2, 4, 2, 1, 4],
      [27553, 4, 5, 20, 1, 0, 0.15, 0, 0.2, 60000, 2, 4, 0, 0, 1],
      [27610, 3, 4, 33, 1, 0, 0.15, 0.02, 0.05, 0, 0, 0, 1, 1, 5],
    ],
  },
  {
    found: 'who left was told that it is out by somebody whose removal of it fell, and nobody else knew that it had left (I5)',
    worlds: [[25418, 3, 4, 26, 0, 0, 0.15, 0.02, 0.05, 21600000, 0, 2, 1, 1, 1]],
  },
  {
    found: 'the same where it was removed before anybody had heard that it leaves (T6)',
    worlds: [[108276, 2, 4, 29, 0, 0, 0.01, 0, 0, 2000, 1, 2, 0, 1, 4]],
  },
  {
    found: 'who came back by a fresh leaf and left by it, on a branch that lost, stayed in by the older one (I5)',
    worlds: [[141219, 4, 5, 30, 0, 0, 0, 0, 0.05, 21600000, 0, 3, 0, 1, 4]],
  },
  {
    found: 'who was removed, and then told that it is in after all, was removed again by the same commit before it could be let in (T8)',
    worlds: [[143660, 2, 5, 35, 0, 0, 0.05, 0.02, 0.2, 60000, 0, 4, 2, 2, 4]],
  },
  {
    found:
      'who came to a branch by a fresh leaf knew the one that all were on, could not come to it, and did not take that for elsewhere (R2)',
    worlds: [[143920, 4, 5, 33, 0, 0, 0.15, 0.1, 0.2, 0, 0, 3, 1, 1, 0]],
  },
  {
    found: 'whoever died while it told others that it is out left a promise that nobody listened to, which ends a process',
    worlds: [
      [132181, 3, 5, 40, 1, 0, 0, 0.02, 0, 0, 0, 3, 2, 1, 2],
      [132372, 3, 3, 28, 1, 0, 0.01, 0, 0.05, 2000, 3, 3, 0, 2, 4],
    ],
  },
  {
    found:
      'two who heard of each other when they were asked where members are, and not when they asked, looked for each other only after a restart',
    worlds: [[24754, 2, 5, 34, 0, 0, 0.15, 0.02, 0, 0, 4, 0, 1, 2, 0]],
  },
  {
    found: 'who came while somebody was away was a stranger to them, and whoever knew both had left (D5)',
    worlds: [[22611, 3, 5, 33, 0, 1, 0.01, 0.1, 0, 21600000, 1, 2, 2, 1, 1]],
  },
  {
    found: 'who was removed and had asked to leave asked to be let in while all of it was being deleted (T8)',
    worlds: [[149559, 3, 4, 29, 0, 0, 0.01, 0, 0.2, 0, 0, 0, 2, 2, 4]],
  },
  {
    found: 'who was seen off on a branch that lost took away that another one had left (T6)',
    worlds: [[180347, 3, 4, 26, 0, 0, 0.15, 0.1, 0.2, 2000, 3, 0, 0, 1, 0]],
  },
  {
    found: 'who was in again, and whose proof of that was lost on the way, was brought nothing of what it had missed',
    worlds: [[180484, 2, 3, 29, 0, 0, 0.05, 0.1, 0, 2000, 3, 0, 0, 2, 4]],
  },
  {
    found: 'beside a hostile member all others went astray at once, and each put the others off for ever (R9)',
    worlds: [[40251, 3, 4, 22, 1, 1, 0, 0.02, 0.2, 0, 4, 0, 0, 1, 5]],
    back: true,
  },
  {
    found: 'who was removed, as the only owner said, was let in again and again by one who was removed as well, and never told',
    worlds: [[198304, 3, 4, 39, 1, 0, 0.05, 0.1, 0.05, 2000, 2, 0, 1, 1, 4]],
  },
  {
    found: 'a removal that nobody followed kept one out for ever, because somebody who was let go since might follow it unseen (T8)',
    worlds: [[194401, 4, 5, 33, 1, 0, 0.15, 0, 0.2, 21600000, 4, 3, 2, 2, 3]],
  },
  {
    found: 'one who was in by an earlier leaf was told that it is out, for it knew that branch and could not come to it (T8)',
    worlds: [[253550, 3, 4, 39, 0, 0, 0, 0.1, 0, 60000, 0, 2, 2, 0, 1]],
    back: true,
  },
  {
    found:
      'who went apart before any session proved anything took the one who had let it in for a stranger, and was never told that it is out (R2)',
    worlds: [[230564, 2, 3, 32, 0, 0, 0.05, 0.1, 0.2, 60000, 3, 0, 1, 2, 0]],
  },
]

test('a message counted 2^40 by a hostile member keeps nobody from comparing what they have', async () => {
  const options: SimOptions = {
    ...{
      seed: 30,
      founders: 3,
      nodes: 3,
      steps: 15,
      hostile: 1,
      concurrentCommits: false,
      back: false,
      frames: false,
      keyPace: null,
      mailboxes: 0,
      suiteId: X25519_SUITE,
      disk: false,
    },
    faults: { ...CALM, skewMs: 2_000 },
  }
  expect((await simulate(options)).violations).toEqual([])
})

test.each(regressions)('once, and no more: $found', { timeout: 600_000 }, async ({ worlds, back }) => {
  for (const world of worlds) expect((await simulate(worldOf(world, back))).violations, `seed ${world[0]}`).toEqual([])
})
