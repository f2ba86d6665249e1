// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.mechanism.TlsMaterial;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLParameters;

/** Netty with HTTP/1.1 and HTTP/2 on one port. It greets the callers that are admitted. */
@SuppressWarnings("FutureReturnValueIgnored") // Failures come to handlers and listeners.
final class NettyServer implements AutoCloseable {
  private static final int LARGEST_REQUEST = 64 * 1024;

  private static final ApplicationProtocolConfig VERSIONS =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private final EventLoopGroup loops;
  private final Channel listening;

  private NettyServer(EventLoopGroup loops, Channel listening) {
    this.loops = loops;
    this.listening = listening;
  }

  static NettyServer start(ServiceIdentity identity, InetSocketAddress address) {
    SslContext tls = context(identity.tls());
    var loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(tls.newHandler(connection.alloc()), new Negotiated(identity));
                  }
                });
    return new NettyServer(loops, bootstrap.bind(address).syncUninterruptibly().channel());
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    loops.shutdownGracefully();
  }

  private static SslContext context(TlsMaterial tls) {
    SSLParameters parameters = tls.serverParameters();
    return new JdkSslContext(
        tls.sslContext(),
        false,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        VERSIONS,
        parameters.getNeedClientAuth() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL,
        parameters.getProtocols(),
        false);
  }

  /** Completes the pipeline for the version of HTTP that the client has chosen. */
  private static final class Negotiated extends ApplicationProtocolNegotiationHandler {
    private final ServiceIdentity identity;

    Negotiated(ServiceIdentity identity) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.identity = identity;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        var stream =
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                greet(channel.pipeline());
              }
            };
        context
            .pipeline()
            .addLast(Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(stream));
      } else {
        context.pipeline().addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler());
        greet(context.pipeline());
      }
    }

    private void greet(ChannelPipeline pipeline) {
      pipeline.addLast(new HttpObjectAggregator(LARGEST_REQUEST), new NettyGreeting(identity));
    }
  }
}
