/** By whom this device is found, and what that lets others learn. */
export const reachEn = {
  title: 'Who may reach you',
  levels: { local: 'This network only', relays: 'My relays', public: 'Public network' },
  learn: {
    local:
      'People on the same local network find each other. Nobody outside learns that you use SpacePanda or where you are. People elsewhere cannot reach you.',
    relays:
      'People elsewhere reach you through the relays below. A relay learns your network address, when you are online, and whom you are connected with, but never what you say. Members of your spaces learn your network address.',
    public:
      'Anybody who knows your network key can ask where you are: the computers that keep the public table learn your network address, when you are online and whom you look for, but never what you say. Relays work, too.',
  },
  relays: 'Relays',
  relaysWhat: 'Each passes on what it cannot read. With two or more, one of them may fail.',
  relaysNone: 'None yet. One comes along when you join by an invitation that names it, or you add your own.',
  relayField: 'Address of a relay',
  invited: 'Named by an invitation',
  bootstrap: 'Where to begin looking',
  bootstrapWhat: 'Computers that keep the public table. They are asked when SpacePanda starts.',
  bootstrapNone: 'None yet. Without one, nobody is found by the public network.',
  bootstrapField: 'Address to begin at',
  addressHint: 'As the relay printed it, such as /ip4/203.0.113.7/tcp/4001/p2p/12D3KooW…',
  add: 'Add',
  remove: 'Remove {{address}}',
}
