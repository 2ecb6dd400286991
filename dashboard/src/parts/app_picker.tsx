/** The app of a page: the one in the URL, else the last one viewed, else the first. */
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../server/api.js';

const lastKey = 'badged.last-app';

export function useApps() {
  return useQuery({ queryKey: ['apps'], queryFn: () => api.listApps({}) });
}

export function useApp(wanted: string | undefined) {
  const { data: apps, error } = useApps();
  const last = localStorage.getItem(lastKey);
  const app =
    apps?.find(({ id }) => id === (wanted ?? last)) ?? (wanted === undefined ? apps?.[0] : undefined);
  return { app, apps, error };
}

interface AppPickerProps {
  readonly value: string | undefined;
  readonly onChange: (app: string) => void;
}

export function AppPicker({ value, onChange }: AppPickerProps) {
  const { data: apps = [] } = useApps();
  return (
    <Select
      label="App"
      w={220}
      value={value ?? null}
      data={apps.map(({ id, name }) => ({ value: id, label: name }))}
      allowDeselect={false}
      searchable={apps.length > 8}
      onChange={(app) => {
        if (app === null) return;
        localStorage.setItem(lastKey, app);
        onChange(app);
      }}
    />
  );
}
