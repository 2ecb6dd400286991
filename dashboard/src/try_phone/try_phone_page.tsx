import { useState } from 'react';
import { useLocation } from 'wouter';
import { useApp } from '../parts/app_picker.js';
import { NoApp } from '../parts/no_app.js';
import { Page } from '../parts/page.js';
import { PhoneNow } from './phone_now.js';
import { ScanCard } from './scan_card.js';
import classes from './try_phone.module.css';
import { WhoAndWhere } from './who_and_where.js';

export default function TryPhonePage({ app: wanted }: { readonly app: string | undefined }) {
  const { app, apps, error } = useApp(wanted);
  const [, navigate] = useLocation();
  const [user, setUser] = useState('phone');
  const [address, setAddress] = useState(location.origin);
  const key = `${app?.id} ${user}`;
  return (
    <Page
      title="Try it on your phone"
      about="Put a badge on your home screen: scan a code, turn on notifications, and send yourself a message."
    >
      {app === undefined && <NoApp apps={apps} error={error} />}
      {app !== undefined && (
        <div className={classes.steps}>
          <WhoAndWhere
            app={app.id}
            onApp={(other) => navigate(`/try/${other}`)}
            user={user}
            onUser={setUser}
            address={address}
            onAddress={setAddress}
          />
          <ScanCard key={`scan ${key}`} app={app.id} appName={app.name} user={user} address={address} />
          <PhoneNow key={`now ${key}`} app={app.id} user={user} address={address} />
        </div>
      )}
    </Page>
  );
}
