// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.config.ConfSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineConfigTest {
  @TempDir Path directory;

  @Test
  void theVariableComesFirstAndItsFirstFileCounts() throws IOException {
    Path named = conf("NAMED.EXAMPLE");
    Path usual = conf("USUAL.EXAMPLE");
    assertThat(MachineConfig.found(named + ":/nowhere", usual).config().defaultRealm())
        .contains("NAMED.EXAMPLE");
    assertThat(MachineConfig.found(null, usual).config().defaultRealm()).contains("USUAL.EXAMPLE");
  }

  @Test
  void aMachineWithoutAFileKnowsNoRealmAndSaysWhy() {
    ConfSource none = MachineConfig.found("", directory.resolve("absent"));
    assertThat(none.config().kdcs("A")).isEmpty();
    assertThat(none.title()).contains("KRB5_CONFIG is not set", "absent");
  }

  @Test
  void aFileThatTheVariableNamesHasToBeThere() {
    String absent = directory.resolve("absent").toString();
    assertThatThrownBy(() -> MachineConfig.found(absent, Path.of("unused")).config())
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("absent");
  }

  private Path conf(String realm) throws IOException {
    return Files.writeString(
        directory.resolve(realm), "[libdefaults]\n  default_realm = " + realm + "\n");
  }
}
