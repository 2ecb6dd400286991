/** The theme. */
import { type CSSVariablesResolver, createTheme, Menu, Modal, Tooltip } from '@mantine/core';

/** Short, and none with reduced motion. */
const transitionProps = { duration: 120 };

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Helvetica, Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  components: {
    // The placeholder would be announced as a menu item.
    Menu: Menu.extend({ defaultProps: { transitionProps, withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: { transitionProps, centered: true, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { transitionProps, withArrow: true } }),
  },
});

/** Mantine's dimmed and error texts have less contrast than WCAG 2.2 requires (4.5:1). */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: { '--mantine-color-dimmed': colors.gray[7], '--mantine-color-error': colors.red[9] },
  dark: { '--mantine-color-dimmed': colors.dark[1], '--mantine-color-error': colors.red[4] },
});

/** The content policy allows styles with this nonce only; it is new in each response. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
}
