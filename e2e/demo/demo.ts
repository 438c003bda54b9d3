import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Instances } from '../fixtures/instances.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Weekend hikes'
const out = join(import.meta.dirname, '..', '..', 'demo-out')

/** Three people find each other, join by invitation and talk, in three real windows; prints what they say. */
async function main(): Promise<void> {
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const instances = new Instances()
  const print = (line: string) => process.stdout.write(`${line}\n`)
  const people: Person[] = []
  const picture = async (person: Person, what: string) => {
    await person.instance.page.screenshot({ path: join(out, `${what}-${person.name.toLowerCase()}.png`) })
  }
  const arrive = async (name: string) => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    people.push(person)
    await person.firstRun.createProfile(name)
    print(`${name} opened SpacePanda and made a profile.`)
    return person
  }
  const say = async (person: Person, text: string) => {
    await person.say(text)
    const others = people.filter((other) => other !== person && joined.has(other))
    await Promise.all(others.map((other) => other.sees(person, text)))
    print(`${person.name}: ${text}`)
  }
  const joined = new Set<Person>()
  const letIn = async (host: Person, guest: Person) => {
    await guest.joinSpace(await host.invite.takeLink(), SPACE)
    joined.add(guest)
    await Promise.all([...joined].map((person) => person.members.member(guest.name).waitFor()))
    print(`${guest.name} joined "${SPACE}" by the link that ${host.name} made.`)
  }
  try {
    const alice = await arrive('Alice')
    await picture(alice, '1-welcome')
    await alice.spaces.create(SPACE)
    await alice.channels.open('general')
    joined.add(alice)
    print(`Alice made the space "${SPACE}".`)
    const bob = await arrive('Bob')
    await letIn(alice, bob)
    await say(alice, 'Shall we try the ridge on Saturday? The forecast says dry until four.')
    await say(bob, 'Yes. I bring the stove and two ropes.')
    const carol = await arrive('Carol')
    await letIn(bob, carol)
    await say(carol, 'Count me in. Where do we meet?')
    await say(alice, 'North car park, at seven.')
    for (const person of people) await picture(person, '2-conversation')
    await alice.instance.page.emulateMedia({ colorScheme: 'dark' })
    await picture(alice, '3-dark')
    print(`Carol came last: her history holds ${(await carol.conversation.spoken()).length} messages, none from before she joined.`)
    print(`Pictures of the windows: ${out}`)
  } finally {
    await instances.end()
  }
}

await main()
