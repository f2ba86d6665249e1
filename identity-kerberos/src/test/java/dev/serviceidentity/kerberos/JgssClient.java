// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Base64;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.ChannelBinding;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;

/** The JDK's client, with nothing of ours: a JVM that a test starts with its own krb5.conf. */
final class JgssClient {
  private JgssClient() {}

  /**
   * Takes client, keytab, service, mechanism and channel bindings, which may be empty; prints its
   * token, reads the service's answer, and prints what it makes of it.
   */
  public static void main(String[] arguments)
      throws LoginException, PrivilegedActionException, IOException {
    var subject = new Subject();
    new LoginContext("client", subject, null, keytab(arguments[0], arguments[1])).login();
    Subject.doAs(
        subject,
        (PrivilegedExceptionAction<Void>)
            () -> {
              call(arguments[2], arguments[3], arguments[4]);
              return null;
            });
  }

  private static void call(String service, String mechanism, String bindings)
      throws GSSException, IOException {
    GSSManager manager = GSSManager.getInstance();
    GSSName peer = manager.createName(service, new Oid("1.2.840.113554.1.2.2.1"));
    GSSContext context =
        manager.createContext(peer, new Oid(mechanism), null, GSSContext.DEFAULT_LIFETIME);
    context.requestMutualAuth(true);
    if (!bindings.isEmpty()) {
      context.setChannelBinding(new ChannelBinding(bindings.getBytes(StandardCharsets.US_ASCII)));
    }
    byte[] token = context.initSecContext(new byte[0], 0, 0);
    System.out.println(Base64.getEncoder().encodeToString(token));
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    byte[] answer = Base64.getDecoder().decode(in.readLine());
    context.initSecContext(answer, 0, answer.length);
    System.out.println(
        "established " + context.isEstablished() + ", mutual " + context.getMutualAuthState());
  }

  private static Configuration keytab(String principal, String keytab) {
    var entry =
        new AppConfigurationEntry(
            "com.sun.security.auth.module.Krb5LoginModule",
            LoginModuleControlFlag.REQUIRED,
            Map.of(
                "useKeyTab",
                "true",
                "keyTab",
                keytab,
                "principal",
                principal,
                "doNotPrompt",
                "true"));
    return new Configuration() {
      @Override
      public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
        return new AppConfigurationEntry[] {entry};
      }
    };
  }
}
