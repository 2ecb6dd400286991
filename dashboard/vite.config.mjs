// The pages as the server serves them: two entries, everything else under /assets with its content in its name,
// compressed here once so that the server only has to choose.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, defineConfig } from 'vite';

const conditions = ['source', 'module', 'browser', 'development|production'];
const target = 'es2022';

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  // The server puts a fresh nonce in its place for every answer.
  html: { cspNonce: '__CSP_NONCE__' },
  plugins: [react(), phoneWorker(), precompress()],
  build: {
    target,
    // The browsers that know light-dark(): what it would be replaced by does not heed the scheme that Mantine chooses.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // An image inlined as data: in a style would need the content policy to allow it there.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'phone.html'] },
  },
});

// One file of a fixed name: what a service worker is called decides which worker it is, and not every browser lets it
// import others.
function phoneWorker() {
  return {
    name: 'phone-worker',
    apply: 'build',
    async writeBundle({ dir }) {
      await build({
        configFile: false,
        root: import.meta.dirname,
        publicDir: false,
        logLevel: 'warn',
        resolve: { conditions },
        build: {
          target,
          outDir: join(dir, 'phone'),
          emptyOutDir: false,
          lib: {
            entry: 'src/phone/worker.ts',
            formats: ['iife'],
            name: 'worker',
            fileName: () => 'worker.js',
          },
        },
      });
    },
  };
}

function precompress() {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir }) {
      const assets = join(dir, 'assets');
      for (const name of readdirSync(assets).filter((name) => /\.(js|css|svg)$/.test(name))) {
        const content = readFileSync(join(assets, name));
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(assets, `${name}.gz`), gzipSync(content));
      }
    },
  };
}
