/** The object as it is, with one member of it replaced. Not a copy: its own methods go on seeing what they are made for. */
export function replacing<T extends object, K extends keyof T>(target: T, name: K, instead: T[K]): T {
  return new Proxy(target, {
    get: (from, key) => {
      if (key === name) return instead
      const member: unknown = Reflect.get(from, key, from)
      return typeof member === 'function' ? (member.bind(from) as unknown) : member
    },
  })
}
