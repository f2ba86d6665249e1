// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

/** A login by the JDK, as its documentation has it; the krb5.conf is not read anew each time. */
final class JdkLogin extends Configuration {
  private final AppConfigurationEntry entry;

  JdkLogin(String principal, Path keytab) {
    this.entry =
        new AppConfigurationEntry(
            "com.sun.security.auth.module.Krb5LoginModule",
            LoginModuleControlFlag.REQUIRED,
            Map.of(
                "useKeyTab",
                "true",
                "keyTab",
                keytab.toString(),
                "principal",
                principal,
                "doNotPrompt",
                "true"));
  }

  @Override
  public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
    return new AppConfigurationEntry[] {entry};
  }

  /** Asks the KDC. */
  Subject login() {
    var subject = new Subject();
    try {
      new LoginContext("web", subject, null, this).login();
    } catch (LoginException failed) {
      throw new IllegalStateException(failed);
    }
    return subject;
  }

  /** The same login without any ticket for a service. */
  static Subject fresh(Subject login) {
    return new Subject(
        false, login.getPrincipals(), Set.of(), Set.copyOf(login.getPrivateCredentials()));
  }
}
