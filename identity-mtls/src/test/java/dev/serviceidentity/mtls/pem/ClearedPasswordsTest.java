// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.SourceFiles;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever takes the password of a key clears it, whether it was right or wrong. */
class ClearedPasswordsTest {
  private KeyPair keys;

  @BeforeEach
  void make() throws Exception {
    keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
  }

  @Test
  void aRightPasswordIsClearedAfterUse() throws Exception {
    char[] right = SourceFiles.SECRET.toCharArray();

    assertThat(read(right)).isEqualTo(keys.getPrivate());

    assertThat(right).containsOnly('\0');
  }

  @Test
  void aWrongPasswordIsClearedToo() {
    char[] wrong = "wrong staple".toCharArray();

    assertThatThrownBy(() -> read(wrong)).isInstanceOf(MalformedPemException.class);

    assertThat(wrong).containsOnly('\0');
  }

  private PrivateKey read(char[] password) throws Exception {
    return new PrivateKeys(() -> password).parse(PemBlock.parse(SourceFiles.encrypted(keys)));
  }
}
