import { session, setCount } from '../backend.js';
import { watchBadge } from '../dist/badge/badged_badge.mjs';

const element = (id) => document.getElementById(id);
const { app, user } = await session();

const watch = watchBadge({
  url: '/badged',
  app,
  user,
  // Called again when the token has expired.
  token: async () => (await session()).token,
  onChange: (badge) => {
    element('badge').textContent = badge === undefined ? 'no user is signed in' : `${badge.badge}`;
  },
  onState: (state) => {
    element('state').textContent = state;
  },
});

element('more').onclick = () => setCount((watch.current?.external_unread_count ?? 0) + 1);
element('read').onclick = () => setCount(0);
element('rename').onclick = () => {
  document.title = document.title.endsWith('Inbox') ? 'A conversation' : 'Inbox';
};
element('sign-out').onclick = () => watch.signOut();
