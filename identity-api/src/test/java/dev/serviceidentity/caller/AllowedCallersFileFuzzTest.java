// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.caller.AllowedCallers.Call;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

class AllowedCallersFileFuzzTest {
  private static final Call STRANGER =
      new Call(
          Caller.of(PrincipalId.parse("stranger:nobody@nowhere"), Instant.EPOCH, Instant.MAX),
          null,
          "GET",
          "/");

  @FuzzTest
  void aFileIsRefusedWithItsNameOrAllowsNobodyWhoIsNotNamed(byte[] input) throws IOException {
    Path file = Files.createTempFile("callers", ".txt");
    try {
      Files.write(file, input);
      assertThat(AllowedCallers.fromFile(file).allows(STRANGER)).isFalse();
    } catch (IdentityException refused) {
      assertThat(refused).hasMessageStartingWith(file.toString());
    } finally {
      Files.delete(file);
    }
  }
}
