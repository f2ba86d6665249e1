// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfSourceTest {
  @TempDir Path directory;

  @Test
  void theFirstFileOfTheVariableIsThatOfTheMachine() throws IOException {
    Path named = conf("named.conf", "NAMED.EXAMPLE");
    Path usual = conf("krb5.conf", "USUAL.EXAMPLE");
    String variable = named + File.pathSeparator + directory.resolve("none");

    assertThat(ConfSource.ofMachine(variable, usual).config().defaultRealm())
        .hasValue("NAMED.EXAMPLE");
    assertThat(ConfSource.ofMachine(" ", usual).config().defaultRealm()).hasValue("USUAL.EXAMPLE");
  }

  @Test
  void aMachineWithoutAFileKnowsNoRealmAndSaysWhy() {
    ConfSource none = ConfSource.ofMachine(null, directory.resolve("krb5.conf"));

    assertThat(none.title())
        .isEqualTo(
            "no krb5.conf: KRB5_CONFIG is not set and there is no "
                + directory.resolve("krb5.conf"));
    assertThat(none.config().defaultRealm()).isEmpty();
  }

  private Path conf(String name, String realm) throws IOException {
    return Files.writeString(
        directory.resolve(name), "[libdefaults]\ndefault_realm = " + realm + "\n");
  }
}
