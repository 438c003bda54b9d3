export const noticesEn = {
  messages: 'When a message arrives',
  messagesWhat:
    'While you look elsewhere, your system can tell you. What it is given to show leaves our encryption: your system shows it to whoever sees the screen, and may keep a list of it on this computer. While SpacePanda is locked nothing is shown.',
  show: 'Show',
  modes: {
    off: 'Nothing',
    'without-text': 'Who wrote, and where',
    'with-text': 'Who wrote, where, and the text',
  },
  modeWhat: {
    off: 'How much is unread still stands in the title of the window.',
    'without-text': 'The name, the channel and the space. The message stays in SpacePanda.',
    'with-text': 'The beginning of the message leaves our encryption, too.',
  },
  background: 'When you close the window',
  backgroundWhat:
    'There is no server: messages come in, and yours go out, only while SpacePanda runs. It can go on running without its window, with an icon in the tray whose menu quits it.',
  backgroundOn: 'Keep running in the tray',
  backgroundNoTray:
    'Some desktops show no such icons. Start SpacePanda again, and its window is back. Where no icon can be made at all, closing the window quits as before.',
  login: 'When you log in',
  loginWhat:
    'SpacePanda can start with your session, so that messages come in before you think of it. A profile with a passphrase asks for that first.',
  loginOn: 'Start when I log in',
  loginUnavailable: 'Only a SpacePanda that is installed can start with your session. This one is not.',
  backgroundMac: 'On this system SpacePanda goes on running until you quit it.',
} as const
