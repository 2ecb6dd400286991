// What a service has to be for the platformClient's tests to run against it: a badge server with an app, three OAuth
// clients and some messages (server/), or the double (double/).

export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
}

export interface UnreadEntity {
  readonly jabberId: string;
  readonly unreadCount: number;
}

export interface PlatformService {
  /** What a program gives to `setEnvironment`. The suite for Node needs an origin; a browser finds bare names, too. */
  readonly environment: string;
  readonly userId: string;
  /** A token of that user's, which stays good. */
  readonly accessToken: string;
  /** May use the client credentials grant, and acts for the user. */
  readonly confidentialClient: OAuthClient;
  /** May use the implicit grant. */
  readonly implicitClientId: string;
  /** May use the authorization code grant with PKCE and refresh tokens. */
  readonly pkceClientId: string;
  /** The user's unread entities now, newest first, as the service itself knows them: not by way of the client. */
  unread(): Promise<readonly UnreadEntity[]>;
  /** Ends the life of an access token, as time does. */
  expire(accessToken: string): Promise<void>;
  /** Goes through the login as the user, as a browser would, and says where it ends. */
  authorize(authorizeUrl: string): Promise<string>;
  close(): Promise<void>;
}

/** Every login returns to one of the redirect URIs; pages of their origins call the service. */
export type StartPlatformService = (redirectUris: readonly string[]) => Promise<PlatformService>;
