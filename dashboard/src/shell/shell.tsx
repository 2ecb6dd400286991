/** The frame of every page: the menu, the color scheme, and signing out. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  NavLink,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { AppIcon } from '../parts/app_icon.js';
import { queries } from '../server/queries.js';
import { signOut } from '../sign_in/session.js';
import { Pages, pages } from './pages.js';
import classes from './shell.module.css';

export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  useHotkeys([['Escape', close]]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', md: 'xl' }}
      transitionDuration={0}
    >
      <button type="button" className={classes.skip} onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
              aria-expanded={isOpen}
            />
            <AppIcon badge={1} size={26} />
            <Text fw={700} size="lg">
              badged
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorScheme />
            <SignOut />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <Navigation onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main ?? ''}>
        <Pages />
      </AppShell.Main>
    </AppShell>
  );
}

function Navigation({ onNavigate }: { readonly onNavigate: () => void }) {
  const [location] = useLocation();
  return pages.map(({ path, name, icon: Icon, prepare }) => (
    <NavLink
      key={path}
      component={Link}
      href={path}
      label={name}
      leftSection={<Icon size={18} aria-hidden />}
      active={location === path || location.startsWith(`${path}/`)}
      aria-current={location === path ? 'page' : undefined}
      onClick={onNavigate}
      onPointerEnter={prepare}
      onFocus={prepare}
      className={classes.link ?? ''}
    />
  ));
}

function ColorScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Switch to ${other} mode`}>
      <ActionIcon
        variant="default"
        size="lg"
        onClick={() => setColorScheme(other)}
        aria-label={`Switch to ${other} mode`}
      >
        {other === 'dark' ? <IconMoon size={18} /> : <IconSun size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}

function SignOut() {
  const leave = async () => {
    await signOut();
    await queries.resetQueries();
  };
  return (
    <Tooltip label="Sign out">
      <ActionIcon variant="default" size="lg" onClick={leave} aria-label="Sign out">
        <IconLogout size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
