// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.MtlsIdentity;
import java.net.http.HttpResponse;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class JdkClientTest extends ClientContract {
  @Override
  Calls as(MtlsIdentity identity) {
    var client = new JdkClient(identity);
    return uri -> {
      HttpResponse<String> response = client.get(uri);
      return new Answer(response.statusCode(), response.body());
    };
  }

  @Test
  void aServerHasToHaveTheHostNameByWhichItIsCalled() {
    Calls web = as(shop.client("web"));

    assertThatThrownBy(() -> web.get(otherName())).isInstanceOf(SSLHandshakeException.class);
  }
}
