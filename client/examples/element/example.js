import { watchBadge } from '../dist/badge/badged_badge.mjs';
import '../dist/element/badged_count.mjs';
import { session, setCount } from '../backend.js';

const element = (id) => document.getElementById(id);
const { app, user } = await session();

const watch = watchBadge({ url: '/badged', app, user, token: async () => (await session()).token });
element('live').watch = watch;

element('more').onclick = () => setCount((watch.current?.external_unread_count ?? 0) + 1);
element('read').onclick = () => setCount(0);
