/** The entry point of the dashboard, which administers all apps. */
import '@mantine/core/styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { queries } from './server/queries.js';
import { prepareFirstPage } from './shell/pages.js';
import { Shell } from './shell/shell.js';
import { SignedIn } from './sign_in/signed_in.js';
import { cssVariables, styleNonce, theme } from './theme.js';

// The library that locks scrolling behind a dialog inserts a style, and reads its nonce here.
Reflect.set(globalThis, '__webpack_nonce__', styleNonce());

prepareFirstPage();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queries}>
        <SignedIn>
          <Router hook={useHashLocation}>
            <Shell />
          </Router>
        </SignedIn>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
